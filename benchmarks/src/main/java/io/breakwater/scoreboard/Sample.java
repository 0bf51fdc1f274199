package io.breakwater.scoreboard;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** One figure of several runs, sorted. */
record Sample(List<Double> values) {
    Sample {
        values = values.stream().sorted().toList();
    }

    static Sample of(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return new Sample(runs.stream().map(figure::applyAsDouble).toList());
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    double max() {
        return values.getLast();
    }
}
