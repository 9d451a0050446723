// Package ndc speaks IATA NDC AirShopping.
package ndc
