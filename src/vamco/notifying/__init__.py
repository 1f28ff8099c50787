"""Telling people: one outbox for whatever has news, filled in a transaction, emptied by the worker.

The promise, under `kill -9` at any point: nothing is told twice and nothing is lost from sight.
A row is marked `sending` before the channel is called. If the worker dies between, nobody can know
whether the message left; so the row is sent again, under the same key, only where the channel is
declared idempotent (the receiver drops a key it has seen). Elsewhere it becomes `uncertain`: shown
on screen, and told again only when a person asks. At most once for mail and telephones, then, and
exactly once in effect for idempotent doors.
"""
