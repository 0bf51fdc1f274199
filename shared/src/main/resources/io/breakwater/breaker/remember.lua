#!lua
-- Keeps one transition of an endpoint's history, in place of what was kept of the same epoch, and forgets the oldest.
--
--   KEYS[1]  the history: a sorted set of transitions by epoch
--   ARGV     the transition's epoch; the transition; how many are kept; seconds until all are forgotten

local epoch, transition, kept, life = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

redis.call('ZREMRANGEBYSCORE', KEYS[1], epoch, epoch)
redis.call('ZADD', KEYS[1], epoch, transition)
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -kept - 1)
redis.call('EXPIRE', KEYS[1], life)
