package main

func stressRows() []labRow { return nil }
