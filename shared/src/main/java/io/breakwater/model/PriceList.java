package io.breakwater.model;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * What models cost.
 *
 * @param asOf the day on which these were the prices; empty when there are none
 * @param prices by model id or inference profile id, as endpoints name them
 */
public record PriceList(Optional<LocalDate> asOf, Map<String, Price> prices) {
    /** Nothing has a price. */
    public static final PriceList NONE = new PriceList(Optional.empty(), Map.of());

    public PriceList {
        prices = Map.copyOf(prices);
    }

    /** The usage of this model with its cost, or as it is when the model has no price. */
    public Usage priced(String model, Usage usage) {
        Price price = prices.get(model);
        return price == null ? usage : price.of(usage);
    }
}
