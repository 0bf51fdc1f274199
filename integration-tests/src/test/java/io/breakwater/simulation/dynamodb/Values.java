package io.breakwater.simulation.dynamodb;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attribute values as DynamoDB stores and compares them: strings, numbers, booleans and nulls. */
final class Values {
    private static final int MAX_DIGITS = 38;
    private static final int MAX_MAGNITUDE = 125;
    private static final int MIN_MAGNITUDE = -130;

    private Values() {}

    /** The value as it comes back from a table. */
    static AttributeValue stored(AttributeValue value) {
        return switch (value.type()) {
            case N -> number(decimal(value));
            case S, BOOL, NUL -> value;
            case UNKNOWN_TO_SDK_VERSION ->
                throw Failures.invalid(
                        "Supplied AttributeValue is empty, must contain exactly one of the supported " + "datatypes");
            default -> throw new UnsupportedOperationException("a value of type " + value.type());
        };
    }

    static BigDecimal decimal(AttributeValue value) {
        try {
            return new BigDecimal(value.n());
        } catch (NumberFormatException e) {
            throw Failures.invalid("The parameter cannot be converted to a numeric value: " + value.n());
        }
    }

    static AttributeValue number(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.precision() > MAX_DIGITS) {
            throw Failures.invalid("Attempting to store more than 38 significant digits in a Number");
        }
        int magnitude = stripped.precision() - stripped.scale() - 1;
        if (stripped.signum() != 0 && (magnitude > MAX_MAGNITUDE || magnitude < MIN_MAGNITUDE)) {
            throw Failures.invalid("Number overflow or underflow");
        }
        return fromN(stripped.toPlainString());
    }

    static boolean equal(@Nullable AttributeValue left, @Nullable AttributeValue right) {
        if (left == null || right == null || left.type() != right.type()) {
            return false;
        }
        return left.type() == AttributeValue.Type.N ? decimal(left).compareTo(decimal(right)) == 0 : left.equals(right);
    }

    /** Whether the two have an order: both strings or both numbers. */
    static boolean comparable(@Nullable AttributeValue left, @Nullable AttributeValue right) {
        return left != null
                && right != null
                && left.type() == right.type()
                && (left.type() == AttributeValue.Type.N || left.type() == AttributeValue.Type.S);
    }

    static int compare(AttributeValue left, AttributeValue right) {
        return left.type() == AttributeValue.Type.N
                ? decimal(left).compareTo(decimal(right))
                : compare(left.s(), right.s());
    }

    /** The order of the strings' UTF-8 bytes, which is that of their code points. */
    static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
                return sameKind
                        ? Character.compare(a, b)
                        : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
