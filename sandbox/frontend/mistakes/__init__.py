"""Mistakes that were built into the frontend, as the change that each makes to the files beside this folder."""

from sandbox.frontend.mistakes import contacts, dashboard, every_page, signing_in

__all__ = ["contacts", "dashboard", "every_page", "signing_in"]
