package io.breakwater.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Spelling;
import io.breakwater.json.Violation;
import io.breakwater.model.Price;
import io.breakwater.model.PriceList;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the price list from {@code prices}, and finds what its schema cannot: prices of no model, or two of one. */
final class PriceReader {
    private final Map<String, Price> prices = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final @Nullable LocalDate asOf;

    /**
     * Reads the section.
     *
     * @param modelIds the configuration's models by each of their names
     */
    PriceReader(JsonNode section, Map<String, String> modelIds) {
        asOf = section.isMissingNode() ? null : date(section.path("asOf").asText());
        section.path("usdPerMillionTokens")
                .properties()
                .forEach(price -> readPrice(price.getKey(), price.getValue(), modelIds));
    }

    /** The price list, when there are no violations. */
    PriceList prices() {
        return new PriceList(Optional.ofNullable(asOf), prices);
    }

    List<Violation> violations() {
        return violations;
    }

    private @Nullable LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            violations.add(new Violation("prices.asOf", "must be a date such as 2026-09-23, was \"" + text + "\""));
            return null;
        }
    }

    private void readPrice(String model, JsonNode price, Map<String, String> modelIds) {
        String place = "prices.usdPerMillionTokens." + model;
        String id = modelIds.get(model);
        if (id == null) {
            violations.add(new Violation(
                    place, "is the price of no model here" + Spelling.suggestion(model, modelIds.keySet())));
        } else if (prices.putIfAbsent(id, price(price)) != null) {
            violations.add(new Violation(place, "is a second price of " + id));
        }
    }

    /** Exact as far as a double is: 3.3 in the file is 3.3 here. */
    private static Price price(JsonNode price) {
        return new Price(
                price.path("input").decimalValue(), price.path("output").decimalValue());
    }
}
