#!lua
-- Makes one step of an endpoint's breaker, whole or not at all. Step.applyTo defines what each means.
--
-- By its first line Redis refuses this script before it starts where a write may fail (memory is full, a replica), so
-- that no error ends it half way.
--
--   KEYS[1]  the hash with the state; absent when nothing was ever written
--   ARGV[1]  the step, as JSON:
--              name, epoch       which one, and the epoch that must stand
--              given             what its condition asks about
--              remove, set, add  the fields that it changes
--
-- Answers whether it was made (1 or 0), Redis's clock, and all fields as they stand now.
--
-- Numbers are kept and answered as text, never as Lua's doubles. Those compared here are counts and milliseconds, which a
-- double holds exactly.

local key = KEYS[1]
local step = cjson.decode(ARGV[1])
local given = step.given

-- False when there is no such field.
local function stored(field)
  return redis.call('HGET', key, field)
end

local function epoch_stands()
  return (stored('epoch') or '0') == step.epoch
end

local conditions = {
  COUNT = function()
    return (stored('phase') or 'CLOSED') == 'CLOSED'
  end,

  -- Only a breaker that was closed with a ramp has the field.
  RESERVE = function()
    local reserved = stored('rampReserved')
    return reserved and tonumber(reserved) + tonumber(given.calls) <= tonumber(given.limit)
  end,

  -- The slot is free, or was granted to this permit before, or its lease has run out. A probe that succeeded leaves its
  -- slot without a lease.
  GRANT_SLOT = function()
    local holder, lease_end = stored(given.slot), stored(given.slotUntil)
    return stored('phase') == 'HALF_OPEN'
      and (not holder or holder == given.permit or (lease_end and tonumber(lease_end) <= tonumber(given.now)))
  end,

  SETTLE_SLOT = function()
    return stored('phase') == 'HALF_OPEN' and stored(given.slot) == given.permit
  end,

  MOVE_TO = function()
    return true
  end,
}

local function change()
  if step.name == 'MOVE_TO' then
    redis.call('DEL', key)
  end
  for _, field in ipairs(step.remove) do
    redis.call('HDEL', key, field)
  end
  for field, value in pairs(step.set) do
    redis.call('HSET', key, field, value)
  end
  for field, number in pairs(step.add) do
    redis.call('HINCRBY', key, field, number)
  end
end

local made = epoch_stands() and conditions[step.name]()
if made then
  change()
end
return {made and 1 or 0, redis.call('TIME'), redis.call('HGETALL', key)}
