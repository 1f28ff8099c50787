"""The made-up watch: the last weeks lived through once more, by made-up operators and agencies."""
