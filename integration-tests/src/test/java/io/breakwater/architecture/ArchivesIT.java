package io.breakwater.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is in the functions' archives. */
class ArchivesIT {
    private static final List<FunctionSpec> FUNCTIONS = Topology.FUNCTIONS;
    private static final String OURS = "io/breakwater/";

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void everythingThatTheHandlerReachesIsThere(FunctionSpec function) throws IOException {
        Map<String, byte[]> classes = classes(function);
        Deque<String> next = new ArrayDeque<>(List.of(function.handler().replace('.', '/')));
        Set<String> seen = new HashSet<>(next);
        Set<String> missing = new TreeSet<>();

        while (!next.isEmpty()) {
            String name = next.remove();
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                missing.add(name);
            } else if (name.startsWith(OURS)) {
                references(bytes).filter(seen::add).forEach(next::add);
            }
        }

        assertThat(seen).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void whatNoFunctionNeedsIsNotThere(FunctionSpec function) throws IOException {
        assertThat(libraries(function))
                .noneMatch(name ->
                        name.matches("lib/(netty|aws-crt|apache-client|junit|logback|log4j|breakwater-local).*"));
    }

    @Test
    void onlyTheWorkerCanCallAModel() throws IOException {
        for (FunctionSpec function : FUNCTIONS) {
            assertThat(libraries(function).stream().anyMatch(name -> name.startsWith("lib/bedrockruntime")))
                    .as(function.name())
                    .isEqualTo(function.equals(Topology.WORKER));
        }
    }

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void everyEntryHasTheProjectsTimeSoThatAnArchiveIsTheSameInEveryBuild(FunctionSpec function) throws IOException {
        List<Long> times = new ArrayList<>();
        try (ZipInputStream archive = open(function)) {
            for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                times.add(entry.getTime());
            }
        }
        assertThat(Set.copyOf(times)).hasSize(1);
    }

    private static Set<String> libraries(FunctionSpec function) throws IOException {
        Set<String> names = new TreeSet<>();
        try (ZipInputStream archive = open(function)) {
            for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (entry.getName().startsWith("lib/")) {
                    names.add(entry.getName());
                }
            }
        }
        return names;
    }

    private static Map<String, byte[]> classes(FunctionSpec function) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (ZipInputStream archive = open(function)) {
            collect(archive, classes);
        }
        return classes;
    }

    /** Those of the archive, and those of the archives in it. */
    private static void collect(ZipInputStream archive, Map<String, byte[]> classes) throws IOException {
        for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            String name = entry.getName();
            if (name.endsWith(".class")) {
                classes.put(name.substring(0, name.length() - ".class".length()), archive.readAllBytes());
            } else if (name.endsWith(".jar")) {
                collect(new ZipInputStream(new ByteArrayInputStream(archive.readAllBytes())), classes);
            }
        }
    }

    private static Stream<String> references(byte[] bytes) {
        List<String> names = new ArrayList<>();
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            if (entry instanceof ClassEntry type && !type.asSymbol().isArray()) {
                names.add(type.asInternalName());
            }
        }
        return names.stream().filter(name -> !name.startsWith("java/") && !name.startsWith("javax/"));
    }

    private static ZipInputStream open(FunctionSpec function) throws IOException {
        InputStream file = Files.newInputStream(Path.of("..", "functions", "target", function.name() + ".zip"));
        return new ZipInputStream(file);
    }
}
