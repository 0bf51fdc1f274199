package io.breakwater.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Spelling {
    private static final int MAX_DISTANCE = 3;

    private Spelling() {}

    /** The known word nearest to {@code word}, case aside, if any is near enough to be what was meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= MAX_DISTANCE)
                .map(candidate -> new Guess(candidate, distance(lowerCase(word), lowerCase(candidate))))
                .filter(guess -> guess.distance <= Math.min(MAX_DISTANCE, guess.word.length() / 2))
                .min(Comparator.comparingInt(Guess::distance))
                .map(Guess::word);
    }

    /** As the end of a sentence: {@code ; did you mean "tiers"?}, or nothing. */
    public static String suggestion(String word, Collection<String> known) {
        return nearest(word, known)
                .map(guess -> "; did you mean \"" + guess + "\"?")
                .orElse("");
    }

    private static String lowerCase(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's, row by row. */
    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substitution = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitution, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[to.length()];
    }

    private record Guess(String word, int distance) {}
}
