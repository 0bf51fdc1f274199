/** The one configuration file: its schema, its presets, and the errors it can contain. */
@NullMarked
package io.breakwater.config;

import org.jspecify.annotations.NullMarked;
