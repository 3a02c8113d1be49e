"""What a search domain must hold before anybody uses it: roles, templates, lifecycles and dashboards."""
