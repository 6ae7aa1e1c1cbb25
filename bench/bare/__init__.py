"""A bare Wagtail: one page type with a summary, a StreamField and nothing of ours."""
