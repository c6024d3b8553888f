"""What can be wrong with the caches of conversations and of audio."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

TEXT_NOT_IN_KEY = fault(
    "audio-cache-forgets-text",
    "The key of the audio cache is made of the voice and the language, so every text is answered with the first one's audio.",
    kind="correctness",
    severity=1,
    finding="whatever a caller says, he hears the first answer that was ever made",
)
OFF = fault(
    "audio-cache-off",
    "AUDIO_CACHE_ENABLED was left false, so every sentence is bought again.",
    kind="configuration",
    severity=2,
    finding="the statistics of the audio cache say only that it is off",
)
INDEX_COUNTED = fault(
    "audio-cache-counts-its-index",
    "The files of the folder are counted, and the index is one of them.",
    kind="observability",
    severity=3,
    finding="the audio cache has one file more than its voices have",
)
TOTAL_COUNTS_HITS = fault(
    "cache-total-counts-hits",
    "The total of the cache's requests is counted where a hit is served, so misses are not in it.",
    kind="observability",
    severity=3,
    finding="total_requests of the cache is not hits plus misses",
)
RATIO_OF_MISSES = fault(
    "cache-hit-ratio-of-misses",
    "The ratio is that of the misses: the two counters were read in the wrong order.",
    kind="observability",
    severity=3,
    finding="a cache that serves nothing says that it serves everything",
)
RENAMED = fault(
    "cache-statistics-renamed",
    "The statistics were given the names of the dashboard's next release, which nobody runs yet.",
    kind="observability",
    severity=2,
    finding="the panels of latency and of the most used sentences are empty",
)
OTHER_REDIS = fault(
    "cache-reads-another-redis",
    "The statistics are read from the address of the documentation, where nothing listens.",
    kind="configuration",
    severity=1,
    finding="the cache's statistics are all zero while Redis is up",
    excludes=(
        "cache-hit-ratio-of-misses",
        "cache-total-counts-hits",
    ),
)
