"""The criteria language, three-valued evaluation, screening."""
