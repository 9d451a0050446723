package main

func lifeRows() []labRow { return nil }
