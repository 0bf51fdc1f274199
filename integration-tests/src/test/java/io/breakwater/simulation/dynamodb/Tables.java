package io.breakwater.simulation.dynamodb;

import io.breakwater.topology.TableSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All tables by name. */
final class Tables {
    private final Map<String, ModelTable> tables;
    private final InstantSource time;

    Tables(List<TableSpec> tables, InstantSource time) {
        this.time = time;
        this.tables = tables.stream()
                .map(table -> new ModelTable(table.name(), KeySchema.of(table)))
                .collect(Collectors.toMap(ModelTable::name, Function.identity()));
    }

    ModelTable named(String name) {
        ModelTable table = tables.get(name);
        if (table == null) {
            throw Failures.noTable(time.instant());
        }
        return table;
    }
}
