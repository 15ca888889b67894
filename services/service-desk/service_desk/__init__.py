"""The service desk: cases from intake to the customer's rating."""
