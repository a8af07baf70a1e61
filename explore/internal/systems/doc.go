// Package systems has systems of which numbers are published, for tests.
package systems
