package io.breakwater.simulation.dynamodb;

import java.math.BigDecimal;
import java.math.BigInteger;

/** DynamoDB's numbers in the text that it keeps them in: up to 38 significant digits, no exponent, nothing spare. */
final class Numbers {
    private static final int MAX_DIGITS = 38;
    private static final int MAX_EXPONENT = 125;
    private static final int MIN_EXPONENT = -130;

    /** Integers of so many characters are added and compared as longs. */
    private static final int SHORT = 18;

    private Numbers() {}

    static String normalised(String text) {
        if (isPlainInteger(text)) {
            return text;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new Refusal("The parameter cannot be converted to a numeric value: " + text);
        }
        return normalised(number);
    }

    private static String normalised(BigDecimal number) {
        if (number.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.precision() > MAX_DIGITS) {
            throw new Refusal("Attempting to store more than 38 significant digits in a Number");
        }
        int exponent = exponent(stripped);
        if (exponent > MAX_EXPONENT) {
            throw new Refusal(
                    "Number overflow. Attempting to store a number with magnitude larger than supported range");
        }
        if (exponent < MIN_EXPONENT) {
            throw new Refusal(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported range");
        }
        return stripped.toPlainString();
    }

    static int compare(String left, String right) {
        return isPlainInteger(left) && isPlainInteger(right)
                ? Long.compare(Long.parseLong(left), Long.parseLong(right))
                : new BigDecimal(left).compareTo(new BigDecimal(right));
    }

    static String sum(String left, String right) {
        return isPlainInteger(left) && isPlainInteger(right)
                ? Long.toString(Long.parseLong(left) + Long.parseLong(right))
                : normalised(new BigDecimal(left).add(new BigDecimal(right)));
    }

    static String difference(String left, String right) {
        return isPlainInteger(left) && isPlainInteger(right)
                ? Long.toString(Long.parseLong(left) - Long.parseLong(right))
                : normalised(new BigDecimal(left).subtract(new BigDecimal(right)));
    }

    /** A byte for each pair of digits, pairs aligned at the decimal point, one for the exponent, one for a sign. */
    static int bytes(String normalised) {
        BigDecimal number = new BigDecimal(normalised).stripTrailingZeros();
        if (number.signum() == 0) {
            return 1;
        }
        int leadingHalfPair = Math.floorMod(exponent(number) + 1, 2);
        int pairs = (number.precision() + leadingHalfPair + 1) / 2;
        return 1 + pairs + (number.unscaledValue().compareTo(BigInteger.ZERO) < 0 ? 1 : 0);
    }

    private static int exponent(BigDecimal stripped) {
        return stripped.precision() - stripped.scale() - 1;
    }

    private static boolean isPlainInteger(String text) {
        int first = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - first;
        if (digits == 0 || text.length() > SHORT) {
            return false;
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.charAt(first) != '0' || text.length() == 1;
    }
}
