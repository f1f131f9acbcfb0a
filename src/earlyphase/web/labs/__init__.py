"""A day's laboratory values from one paste: lines are read, analytes named, values graded for the preview."""
