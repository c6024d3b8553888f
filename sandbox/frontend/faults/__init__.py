"""What can be wrong in the frontend: in what its server does, and in the files that it serves."""

from sandbox.frontend.faults import contacts, dashboard, every_page, routes, signing_in

__all__ = ["contacts", "dashboard", "every_page", "routes", "signing_in"]
