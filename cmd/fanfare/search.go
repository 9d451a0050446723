package main

import "context"

type searchCmd struct{}

func (cmd *searchCmd) Run(_ context.Context, _ streams) error { return nil }
