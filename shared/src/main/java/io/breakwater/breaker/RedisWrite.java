package io.breakwater.breaker;

import static java.util.stream.Collectors.toMap;

import io.breakwater.breaker.BreakerFields.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Step} in the words of {@code apply.lua}, which reads it as JSON. Numbers are digits, so that they never become
 * Lua's doubles.
 *
 * @param epoch the one that must stand
 * @param given what the step's condition asks about
 */
record RedisWrite(
        String name,
        String epoch,
        Map<String, String> given,
        List<String> remove,
        Map<String, String> set,
        Map<String, String> add) {

    static RedisWrite of(Step step) {
        return switch (step) {
            case Step.Count count -> count(count);
            case Step.Reserve reserve -> reserve(reserve);
            case Step.GrantSlot grant -> grant(grant);
            case Step.SettleSlot settle -> settle(settle);
            case Step.MoveTo move -> of("MOVE_TO", move, Map.of(), List.of(), BreakerFields.of(move.next()), Map.of());
        };
    }

    private static RedisWrite count(Step.Count step) {
        Map<String, Field> set = new HashMap<>();
        set.put(BreakerFields.EPOCH, Field.of(step.epoch()));
        set.put(BreakerFields.PHASE, Field.of(BreakerFields.CLOSED));
        if (step.tally().anySuccess()) {
            set.put(BreakerFields.STREAK, Field.of(step.tally().trailingFailures()));
        }
        step.tally().lastFailure().ifPresent(kind -> set.put(BreakerFields.FAILURE_KIND, Field.of(kind)));
        return of(
                "COUNT",
                step,
                Map.of(),
                BreakerFields.ofBuckets(step.expired()),
                set,
                BreakerFields.additions(step.tally()));
    }

    private static RedisWrite reserve(Step.Reserve step) {
        Field calls = Field.of(step.calls());
        return of(
                "RESERVE",
                step,
                Map.of("calls", calls, "limit", Field.of(step.limit())),
                List.of(),
                Map.of(),
                Map.of(BreakerFields.RESERVED, calls));
    }

    private static RedisWrite grant(Step.GrantSlot step) {
        return of(
                "GRANT_SLOT",
                step,
                Map.of(
                        "slot", Field.of(BreakerFields.slot(step.slot())),
                        "slotUntil", Field.of(BreakerFields.slotUntil(step.slot())),
                        "permit", Field.of(step.grant().permitId()),
                        "now", Field.of(step.now())),
                List.of(),
                BreakerFields.ofSlot(step.slot(), step.grant()),
                Map.of());
    }

    private static RedisWrite settle(Step.SettleSlot step) {
        String slot = BreakerFields.slot(step.slot());
        return of(
                "SETTLE_SLOT",
                step,
                Map.of("slot", Field.of(slot), "permit", Field.of(step.permitId())),
                List.of(slot, BreakerFields.slotUntil(step.slot())),
                BreakerFields.ofSlot(step.slot(), step.content()),
                Map.of());
    }

    private static RedisWrite of(
            String name,
            Step step,
            Map<String, Field> given,
            List<String> remove,
            Map<String, Field> set,
            Map<String, Field> add) {
        return new RedisWrite(
                name, Field.of(step.epoch()).written(), written(given), remove, written(set), written(add));
    }

    private static Map<String, String> written(Map<String, Field> fields) {
        return fields.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().written()));
    }
}
