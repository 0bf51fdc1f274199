#!lua flags=no-writes
-- Answers as apply.lua does when a step was made: 1, Redis's clock, and all fields of the hash KEYS[1].
return {1, redis.call('TIME'), redis.call('HGETALL', KEYS[1])}
