# Fanfare: make help lists the targets.

GO      ?= go
TAGS    := nomsgpack
FLAGS   := -tags $(TAGS)
# Tools stay out of go.mod: they are nobody's dependency.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
SBOM        := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
FUZZTIME    ?= 10s

.PHONY: help run build test check ci fmt vet lint tidy fuzz golden bench faults soak mutants e2e cover oracle sbom licenses

help: ## this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 10

run: build ## build, then simulated partners, server and page
	./fanfare demo

build: ## the one binary, ./fanfare
	$(GO) build -trimpath $(FLAGS) ./cmd/fanfare

test: ## all tests, with the race detector
	$(GO) test -race $(FLAGS) ./...

check: ci fuzz ## everything that has to be true before a commit

ci: fmt vet lint tidy test ## what CI runs: check without fuzzing, whose outcome is chance

fmt: ## fails if gofmt would change a file
	@unformatted=$$(gofmt -l cmd providers aggregator web); test -z "$$unformatted" || { echo "gofmt these: $$unformatted"; exit 1; }

vet: ## go vet
	$(GO) vet $(FLAGS) ./...

lint: ## staticcheck, and names for the keys of decoders
	$(GO) run $(STATICCHECK) $(FLAGS) ./...
	$(GO) test $(FLAGS) -run '^TestKey' ./cmd/fanfare

tidy: ## go.mod holds what is used
	$(GO) mod tidy -diff

fuzz: ## each parser for a while (FUZZTIME=10s)
	@set -e; for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test $(FLAGS) -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "fuzz $$p $$f"; $(GO) test $(FLAGS) -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$p; \
	  done; done

golden: ## rewrite the golden files; review the diff
	$(GO) test $(FLAGS) $$(grep -rl --include=*_test.go providertest.Golden providers | xargs -n1 dirname | sort -u | sed "s|^|./|") ./cmd/fanfare ./web -update

bench: ## speed and memory, as ratios within one run
	$(GO) test $(FLAGS) -run '^$$' -bench . -benchmem -benchtime 1s ./providers/... ./aggregator/...
	$(GO) test $(FLAGS) -run '^$$' -bench . -benchtime 60x ./cmd/fanfare

faults: ## the fault laboratory, half an hour: what a search promises, measured (ROW=9: one row)
	FAULTS=full ROW=$(ROW) $(GO) test $(FLAGS) -count 1 -v -timeout 2h -run 'TestFaults' ./cmd/fanfare/lab

oracle: ## counts again, over HTTP and from the definitions, what views of the demo's searches show (ORACLE_SEED=1)
	ORACLE=full $(GO) test $(FLAGS) -count 1 -v -timeout 1h ./cmd/fanfare/oracle

soak: ## ten minutes of all faults in turn: nothing may grow
	$(MAKE) faults ROW=44

mutants: ## takes each guard away, and wants its test to turn red
	MUTANTS=1 $(GO) test $(FLAGS) -count 1 -v -timeout 1h -run 'TestMutants' ./cmd/fanfare/lab

e2e: ## the page in a real browser (needs Chromium)
	$(GO) test $(FLAGS) -count 1 -v -run 'Page|Browser' ./cmd/fanfare

sbom: ## the software bill of materials of the binary, sbom.json (CycloneDX)
	GOFLAGS=-tags=$(TAGS) $(GO) run $(SBOM) app -json -licenses -main cmd/fanfare -output sbom.json .

licenses: ## the licences of linked modules, THIRD-PARTY-LICENSES.txt
	@$(GO) list $(FLAGS) -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/fanfare | sort -u | \
	while read path version dir; do printf '==== %s %s\n\n' $$path $$version; cat $$dir/LICENSE* $$dir/COPYING* $$dir/NOTICE* 2>/dev/null; echo; done > THIRD-PARTY-LICENSES.txt

cover: ## which lines the tests reach
	$(GO) test $(FLAGS) -coverprofile coverage.out ./... && $(GO) tool cover -func coverage.out | tail -1
