package io.breakwater.simulation.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The attribute values that the model knows, strings, numbers, booleans and null, and how DynamoDB treats them. */
final class Values {
    private Values() {}

    /** The item as DynamoDB keeps it. */
    static Map<String, AttributeValue> normalised(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> normalised = HashMap.newHashMap(item.size());
        item.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new Refusal("One or more parameter values were invalid: Empty attribute name");
            }
            normalised.put(name, normalised(value));
        });
        return Collections.unmodifiableMap(normalised);
    }

    static AttributeValue normalised(AttributeValue value) {
        return switch (value.type()) {
            case S -> value;
            case N -> {
                String number = Numbers.normalised(value.n());
                yield number.equals(value.n()) ? value : AttributeValue.fromN(number);
            }
            case BOOL -> value;
            case NUL -> {
                if (!value.nul()) {
                    throw new Refusal("One or more parameter values were invalid: "
                            + "Null attribute value types must have the value of true");
                }
                yield value;
            }
            case UNKNOWN_TO_SDK_VERSION ->
                throw new Refusal(
                        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
            case B, SS, NS, BS, M, L ->
                throw new UnsupportedOperationException("the model knows no values of type " + value.type());
        };
    }

    static boolean equal(AttributeValue left, AttributeValue right) {
        if (left.type() != right.type()) {
            return false;
        }
        return switch (left.type()) {
            case S -> left.s().equals(right.s());
            case N -> left.n().equals(right.n());
            case BOOL -> left.bool().equals(right.bool());
            default -> left.equals(right);
        };
    }

    /** Whether values of this type have an order; those without stand in no relation but equality. */
    static boolean ordered(AttributeValue value) {
        return value.type() == AttributeValue.Type.S || value.type() == AttributeValue.Type.N;
    }

    /** For two values of one ordered type. */
    static int compare(AttributeValue left, AttributeValue right) {
        return left.type() == AttributeValue.Type.N
                ? Numbers.compare(left.n(), right.n())
                : compare(left.s(), right.s());
    }

    /** The order of UTF-8 bytes, which is that of code points, and not that of Java's chars. */
    static int compare(String left, String right) {
        int shorter = Math.min(left.length(), right.length());
        for (int i = 0; i < shorter; i++) {
            if (left.charAt(i) != right.charAt(i)) {
                return rank(left.charAt(i)) - rank(right.charAt(i));
            }
        }
        return left.length() - right.length();
    }

    /** Surrogates, as halves of code points beyond all others, go last. */
    private static int rank(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }

    /** An item's size as AWS counts it: names and strings in UTF-8, see {@link Numbers#bytes}. */
    static int bytes(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(attribute -> attribute.getKey().getBytes(UTF_8).length + bytes(attribute.getValue()))
                .sum();
    }

    private static int bytes(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().getBytes(UTF_8).length;
            case N -> Numbers.bytes(value.n());
            default -> 1;
        };
    }
}
