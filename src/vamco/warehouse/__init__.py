"""The only door to tables and files: the delivery ledger, the Parquet it names, and the query engines."""
