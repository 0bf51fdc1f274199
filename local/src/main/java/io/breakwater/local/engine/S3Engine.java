package io.breakwater.local.engine;

import com.adobe.testing.s3mock.S3MockApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * S3Mock over plain HTTP. Its own {@code start} would add an HTTPS port, listen on every interface, take over logging
 * and read settings from wherever the user happens to be.
 */
final class S3Engine implements Engine {
    private final ConfigurableApplicationContext context;

    private S3Engine(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts with the objects in this directory, or in a temporary one. */
    static S3Engine start(Optional<Path> data) {
        var application = new SpringApplication(S3MockApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setListeners(application.getListeners().stream()
                .filter(listener -> !(listener instanceof LoggingApplicationListener))
                .toList());
        application.addInitializers(context -> context.getBeanFactory().addBeanPostProcessor(new OnlyMainConnector()));
        application.addInitializers(
                context -> context.getBeanFactory().addBeanPostProcessor(new MapperMemory(data.isPresent())));
        try {
            return new S3Engine(application.run(settings(data).toArray(String[]::new)));
        } catch (RuntimeException e) {
            throw new IllegalStateException("S3Mock did not start: " + e.getMessage(), e);
        }
    }

    /** As arguments, because these win over environment variables that other Spring programs may be meant by. */
    private static List<String> settings(Optional<Path> data) {
        var settings = new ArrayList<>(List.of(
                "--server.address=" + LOOPBACK,
                "--server.port=0",
                "--server.ssl.enabled=false",
                "--com.adobe.testing.s3mock.httpPort=0",
                "--spring.config.location=classpath:/application.properties",
                "--spring.main.lazy-initialization=true",
                "--server.shutdown=immediate"));
        data.ifPresent(directory -> {
            settings.add("--com.adobe.testing.s3mock.store.root=" + directory.toAbsolutePath());
            settings.add("--com.adobe.testing.s3mock.store.retain-files-on-exit=true");
        });
        return settings;
    }

    @Override
    public URI endpoint() {
        return Engine.endpoint(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Override
    public void close() {
        context.close();
    }

    /** Takes away the second port that S3Mock opens on every interface. */
    private static final class OnlyMainConnector implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof TomcatServletWebServerFactory factory) {
                factory.getAdditionalConnectors().clear();
            }
            return bean;
        }
    }

    private record MapperMemory(boolean writeThrough) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof JsonMapper mapper ? new RememberingMapper(mapper, writeThrough) : bean;
        }
    }
}
