"""The success criteria of the profile, and the judge that holds measurements against them."""

from collections.abc import Sequence

from fixtures.profile import objectives_file
from fixtures.profile.environment import Environment
from judge import objectives, verdicts
from judge.criteria import Criterion
from judge.verdicts import Judgement
from record.sample import Sample
from record.samples import Recording, Samples


class Judge:
    """Of one environment: its criteria, and the time after which its requests are given up."""

    def __init__(self, env: Environment) -> None:
        path = env.files.objectives or objectives_file.DEFAULT
        self._criteria = objectives.criteria(objectives_file.read(path), str(path))
        self._limit_s = env.limits.timeout_s

    def criterion(self, name: str) -> Criterion:
        """ObjectivesInvalid when the file has none of that name."""
        return objectives.named(name, self._criteria)

    def of_samples(self, name: str, samples: Sequence[Sample], *, part_of_alpha: float = 1.0) -> Judgement:
        """One of several looks at the same measurements has a part of the accepted chance of error."""
        criterion = self.criterion(name)
        return verdicts.judge_criterion(
            criterion, Samples.of(samples), limit_s=self._limit_s, alpha=criterion.alpha * part_of_alpha
        )

    def of_run(self, name: str, recording: Recording) -> Judgement:
        return verdicts.judge_run(recording, [self.criterion(name)])[0]
