package io.breakwater.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/cost.md. */
record CostPage(Costs costs) {
    private static final List<String> PER_JOB =
            List.of("floor, alone", "alone", "floor, ten in a batch", "ten in a batch");

    /** Requests of a job, and of one more delivery, and their price. */
    String requests() {
        return table(Stream.concat(PER_JOB.stream(), Stream.of("each time it is put off"))
                .toList());
    }

    /** All that comes beside, a line each. */
    String beside() {
        return costs.usage().keySet().stream()
                .filter(use -> !PER_JOB.contains(use) && !use.equals("each time it is put off"))
                .map(use ->
                        "| %s | %s | $%s |".formatted(use, used(costs.usage(use)), amount(costs.usdPerMillion(use))))
                .collect(Collectors.joining("\n", "| a million times | uses, each | costs |\n|---|---|---|\n", "\n"));
    }

    private String table(List<String> uses) {
        StringBuilder table = new StringBuilder("| a million of each | price |");
        uses.forEach(use -> table.append(' ').append(use).append(" |"));
        table.append("\n|---|---|").append("---|".repeat(uses.size())).append('\n');
        Arrays.stream(Meter.values())
                .filter(meter -> uses.stream().anyMatch(use -> costs.usage(use).containsKey(meter)))
                .forEach(meter -> table.append("| %s | $%s |"
                                .formatted(
                                        meter.label(),
                                        amount(costs.usdPerMillion().getOrDefault(meter, Double.NaN))))
                        .append(row(uses, use -> amount(costs.usage(use).getOrDefault(meter, 0.0)))));
        table.append("| **requests to the services, index entries included** | |")
                .append(row(uses, use -> amount(Costs.requests(costs.usage(use)))));
        table.append("| **a million jobs** | |").append(row(uses, use -> "$" + amount(costs.usdPerMillion(use))));
        return table.toString();
    }

    private static String row(List<String> uses, Function<String, String> cell) {
        return uses.stream().map(use -> " " + cell.apply(use) + " |").collect(Collectors.joining("", "", "\n"));
    }

    private static String used(Map<Meter, Double> usage) {
        return usage.entrySet().stream()
                .map(used -> amount(used.getValue()) + " " + used.getKey().label())
                .collect(Collectors.joining(", "));
    }

    /** Three figures are as exact as a price list warrants. */
    private static String amount(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : new BigDecimal(value)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
