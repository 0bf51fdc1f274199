package io.breakwater.overload;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what is asked of stores and queues, by who is asked and for what. */
final class Requests {
    private final Map<Asked, Integer> counts = new HashMap<>();

    private record Asked(Class<?> service, String request) {}

    /** The service, each of whose requests is counted. */
    <T> T counted(Class<T> service, T served) {
        return service.cast(Proxy.newProxyInstance(
                service.getClassLoader(), new Class<?>[] {service}, (_, method, arguments) -> {
                    counts.merge(new Asked(service, method.getName()), 1, Integer::sum);
                    try {
                        return method.invoke(served, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    int of(Class<?> service) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().service().equals(service))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    int of(Class<?> service, List<String> requests) {
        return requests.stream()
                .mapToInt(request -> counts.getOrDefault(new Asked(service, request), 0))
                .sum();
    }
}
