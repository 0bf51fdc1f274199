package io.breakwater.breaker;

import static io.breakwater.breaker.BreakerFields.EPOCH;
import static io.breakwater.breaker.BreakerFields.FAILURE_KIND;
import static io.breakwater.breaker.BreakerFields.PHASE;
import static io.breakwater.breaker.BreakerFields.RESERVED;
import static io.breakwater.breaker.BreakerFields.STREAK;
import static io.breakwater.breaker.BreakerItem.attribute;
import static io.breakwater.breaker.BreakerItem.number;
import static io.breakwater.breaker.BreakerItem.time;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.breaker.BreakerState.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A {@link Step} in DynamoDB's words.
 *
 * @param update the update expression
 * @param condition what must hold
 */
record BreakerWrite(String update, String condition, Map<String, AttributeValue> values) {

    /** The condition that the epoch stands; epoch 0 is that of an item that was never written. */
    static String epochStands(long epoch) {
        return epoch == 0 ? "(attribute_not_exists(epoch) OR epoch = :epoch)" : "epoch = :epoch";
    }

    static BreakerWrite of(Step.Count step) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":epoch", number(step.epoch()));
        values.put(":closed", fromS(BreakerFields.CLOSED));
        List<String> sets = new ArrayList<>(List.of(EPOCH + " = :epoch", PHASE + " = :closed"));
        List<String> adds = new ArrayList<>();
        BreakerFields.additions(step.tally()).forEach((field, number) -> {
            adds.add(field + " :" + field);
            values.put(":" + field, attribute(number));
        });
        if (step.tally().anySuccess()) {
            sets.add(STREAK + " = :streak");
            values.put(":streak", number(step.tally().trailingFailures()));
        }
        step.tally().lastFailure().ifPresent(kind -> {
            sets.add(FAILURE_KIND + " = :kind");
            values.put(":kind", fromS(kind.name()));
        });
        String removal = String.join(", ", BreakerFields.ofBuckets(step.expired()));
        String update = "SET " + String.join(", ", sets)
                + (adds.isEmpty() ? "" : " ADD " + String.join(", ", adds))
                + (removal.isEmpty() ? "" : " REMOVE " + removal);
        return new BreakerWrite(update, epochStands(step.epoch()), values);
    }

    static BreakerWrite of(Step.GrantSlot step) {
        String slot = BreakerFields.slot(step.slot());
        String until = BreakerFields.slotUntil(step.slot());
        return new BreakerWrite(
                "SET %s = :permit, %s = :until".formatted(slot, until),
                "epoch = :epoch AND (attribute_not_exists(%1$s) OR %1$s = :permit OR %2$s <= :now)"
                        .formatted(slot, until),
                Map.of(
                        ":epoch", number(step.epoch()),
                        ":permit", fromS(step.grant().permitId()),
                        ":until", time(step.grant().until()),
                        ":now", time(step.now())));
    }

    static BreakerWrite of(Step.SettleSlot step) {
        String slot = BreakerFields.slot(step.slot());
        String until = BreakerFields.slotUntil(step.slot());
        String condition = "epoch = :epoch AND %s = :permit".formatted(slot);
        AttributeValue epoch = number(step.epoch());
        AttributeValue permit = fromS(step.permitId());
        return step.content() instanceof Slot.Succeeded succeeded
                ? new BreakerWrite(
                        "SET %s = :ok REMOVE %s".formatted(slot, until),
                        condition,
                        Map.of(
                                ":epoch",
                                epoch,
                                ":permit",
                                permit,
                                ":ok",
                                attribute(BreakerFields.succeeded(succeeded))))
                : new BreakerWrite(
                        "REMOVE %s, %s".formatted(slot, until), condition, Map.of(":epoch", epoch, ":permit", permit));
    }

    static BreakerWrite of(Step.Reserve step) {
        return new BreakerWrite(
                "ADD %s :calls".formatted(RESERVED),
                "epoch = :epoch AND %s <= :most".formatted(RESERVED),
                Map.of(
                        ":epoch", number(step.epoch()),
                        ":calls", number(step.calls()),
                        ":most", number(step.limit() - step.calls())));
    }
}
