"""The teaching page: a policy is moved, the world answers, business as usual stays behind it."""
