"""What every resource uses: authentication, transactions, problems, pagination, OpenAPI."""
