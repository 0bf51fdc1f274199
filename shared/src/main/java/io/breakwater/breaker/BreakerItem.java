package io.breakwater.breaker;

import static java.util.stream.Collectors.toMap;

import io.breakwater.breaker.BreakerFields.Field;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@link BreakerFields} as attributes of one DynamoDB item. */
final class BreakerItem {
    private BreakerItem() {}

    static AttributeValue attribute(Field field) {
        return field.isNumber() ? AttributeValue.fromN(field.written()) : AttributeValue.fromS(field.written());
    }

    static AttributeValue number(long value) {
        return attribute(Field.of(value));
    }

    static AttributeValue time(Instant time) {
        return attribute(Field.of(time));
    }

    static Map<String, AttributeValue> attributes(BreakerState state) {
        return BreakerFields.of(state).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> attribute(entry.getValue())));
    }

    /** The state in the item; {@link BreakerState#INITIAL} when there is none. */
    static BreakerState state(Map<String, AttributeValue> item) {
        return BreakerFields.state(
                item.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> written(entry.getValue()))));
    }

    private static String written(AttributeValue attribute) {
        return attribute.n() == null ? attribute.s() : attribute.n();
    }
}
