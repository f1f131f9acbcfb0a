"""Who may log in, and what each person is in each study."""
