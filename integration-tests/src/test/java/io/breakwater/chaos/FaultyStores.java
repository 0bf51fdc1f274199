package io.breakwater.chaos;

import io.breakwater.function.Settings;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A {@link FaultyProxy} before each of DynamoDB, SQS and S3. */
final class FaultyStores implements AutoCloseable {
    private final Map<Store, FaultyProxy> proxies = new EnumMap<>(Store.class);
    private final Settings settings;

    /**
     * Puts them before the services of these settings.
     *
     * @param jobs sees what goes to DynamoDB
     */
    FaultyStores(Settings direct, long seed, FaultyProxy.Witness jobs) {
        put(Store.DYNAMODB, direct.dynamoDbEndpoint(), seed, jobs);
        put(Store.SQS, direct.sqsEndpoint(), seed, FaultyProxy.Witness.NONE);
        put(Store.S3, direct.s3Endpoint(), seed, FaultyProxy.Witness.NONE);
        settings = new Settings(
                direct.region(),
                direct.jobsTable(),
                direct.endpointsTable(),
                direct.resultsBucket(),
                uri(Store.SQS)
                        .resolve(URI.create(direct.jobQueueUrl()).getPath())
                        .toString(),
                direct.config(),
                Optional.of(uri(Store.DYNAMODB)),
                Optional.of(uri(Store.SQS)),
                Optional.of(uri(Store.S3)),
                direct.bedrockEndpoint(),
                direct.bedrockUnsigned(),
                direct.inLambda(),
                direct.redis());
    }

    /** Where state is. */
    enum Store {
        DYNAMODB,
        SQS,
        S3
    }

    private void put(Store store, Optional<URI> target, long seed, FaultyProxy.Witness witness) {
        // For many threads, unlike the JDK's other generators.
        RandomGenerator random = new Random(seed + store.name().hashCode());
        proxies.put(store, FaultyProxy.start(target.orElseThrow(), random, witness));
    }

    private URI uri(Store store) {
        return proxy(store).uri();
    }

    FaultyProxy proxy(Store store) {
        FaultyProxy proxy = proxies.get(store);
        if (proxy == null) {
            throw new IllegalStateException("no proxy before " + store);
        }
        return proxy;
    }

    /** The settings of a function that is to use the stores by way of the proxies. */
    Settings settings() {
        return settings;
    }

    void recover() {
        proxies.values().forEach(FaultyProxy::recover);
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultyProxy::close);
    }
}
