package io.breakwater.local.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A JSON object read field by field, which collects what is wrong with it instead of stopping at the first. */
final class Fields {
    private final JsonNode object;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();

    /**
     * Reads an object.
     *
     * @throws InvalidBodyException when the body is not a JSON object
     */
    Fields(String body) throws InvalidBodyException {
        try {
            object = Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new InvalidBodyException(List.of("body: is not JSON: " + e.getOriginalMessage()));
        }
        if (!object.isObject()) {
            throw new InvalidBodyException(List.of("body: must be a JSON object"));
        }
    }

    Optional<String> text(String name) {
        return field(
                        name,
                        "must be a non-empty string",
                        value -> value.isTextual() && !value.textValue().isBlank())
                .map(JsonNode::textValue);
    }

    Optional<Double> number(String name, double least, double most) {
        return field(
                        name,
                        "must be a number from " + plain(least) + " to " + plain(most),
                        value -> value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most)
                .map(JsonNode::doubleValue);
    }

    Optional<Long> whole(String name, long least, long most) {
        return field(
                        name,
                        "must be a whole number, at least " + least,
                        value -> value.canConvertToLong()
                                && value.isIntegralNumber()
                                && value.longValue() >= least
                                && value.longValue() <= most)
                .map(JsonNode::longValue);
    }

    /** A required name of one of the enum's constants; its first constant when the field violates that. */
    <E extends Enum<E>> E constant(String name, Class<E> type) {
        List<String> allowed =
                Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
        String rule = "must be one of " + String.join(", ", allowed);
        known.add(name);
        return Optional.ofNullable(object.get(name))
                .filter(value -> allowed.contains(value.textValue()))
                .map(value -> Enum.valueOf(type, value.textValue()))
                .orElseGet(() -> violate(name, rule + was(object.get(name)), type.getEnumConstants()[0]));
    }

    /** Notes what is wrong with a field and goes on with something in its place. */
    <T> T violate(String name, String what, T instead) {
        violations.add(name + ": " + what);
        return instead;
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidBodyException when a field was wrong, or there is one that nobody asked for
     */
    void check() throws InvalidBodyException {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                violations.add(name + ": is unknown; the fields are " + String.join(", ", known));
            }
        });
        if (!violations.isEmpty()) {
            throw new InvalidBodyException(List.copyOf(violations));
        }
    }

    private Optional<JsonNode> field(String name, String rule, Predicate<JsonNode> fits) {
        known.add(name);
        Optional<JsonNode> value = Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
        if (value.isPresent() && !fits.test(value.get())) {
            violations.add(name + ": " + rule + was(value.get()));
            return Optional.empty();
        }
        return value;
    }

    private static String was(@Nullable JsonNode value) {
        return value == null ? ", is missing" : ", was " + value;
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
