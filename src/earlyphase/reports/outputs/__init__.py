"""Tables and figures as files, each in every format that somebody asks for, with one page that links them all."""
