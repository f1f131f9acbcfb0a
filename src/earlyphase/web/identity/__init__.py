"""Who a participant is: apart from the study, for the site alone, every look and every change written down."""
