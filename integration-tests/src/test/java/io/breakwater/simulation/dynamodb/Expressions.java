package io.breakwater.simulation.dynamodb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Expressions parsed once and kept by their text: a fleet sends the same few over and over. */
final class Expressions {
    private static final int KEPT = 10_000;

    private final Map<Source, Parsed<Condition>> conditions = new Kept<>();
    private final Map<Source, Parsed<KeyCondition>> keyConditions = new Kept<>();
    private final Map<Source, Parsed<Update>> updates = new Kept<>();

    Parsed<Condition> condition(String text, Map<String, String> names) {
        return kept(
                conditions, new Source(text, names), source -> ConditionParser.parse("ConditionExpression", source));
    }

    Parsed<KeyCondition> keyCondition(KeySchema schema, String text, Map<String, String> names) {
        return kept(keyConditions, new Source(text, names), source -> {
            Parsed<Condition> parsed = ConditionParser.parse("KeyConditionExpression", source);
            return new Parsed<>(KeyCondition.of(parsed.tree(), schema), parsed.names(), parsed.values());
        });
    }

    Parsed<Update> update(String text, Map<String, String> names) {
        return kept(updates, new Source(text, names), UpdateParser::parse);
    }

    private static <T> Parsed<T> kept(Map<Source, Parsed<T>> kept, Source source, Function<Source, Parsed<T>> parse) {
        Parsed<T> known = kept.get(source);
        if (known != null) {
            return known;
        }
        Parsed<T> parsed = parse.apply(source);
        kept.put(source, parsed);
        return parsed;
    }

    /**
     * An expression as it was sent.
     *
     * @param names what its name placeholders stand for
     */
    record Source(String text, Map<String, String> names) {}

    /** The last used; texts that name time buckets would otherwise pile up over a long simulation. */
    private static final class Kept<V> extends LinkedHashMap<Source, V> {
        private static final long serialVersionUID = 1L;

        Kept() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, V> eldest) {
            return size() > KEPT;
        }
    }
}
