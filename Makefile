# Mọi việc thường ngày / everyday commands:  make up · make down · make status · make test
.DEFAULT_GOAL := help
.PHONY: help up down status setup test lint bench clean

help:
	@echo "make up      chuẩn bị và khởi động / install, prepare and start"
	@echo "make down    dừng tất cả, giữ dữ liệu / stop everything, keep the data"
	@echo "make status  đang chạy gì, ở đâu / what runs, and where"
	@echo "make test    mọi kiểm tra / every check and test"
	@echo "make lint    kiểm tra mã nguồn / checks of the source alone"
	@echo "make bench   đo hiệu năng / every figure we claim"
	@echo "make clean   xóa mọi thứ cài lại được, giữ dữ liệu / remove what can be installed again"

up: setup
	@.venv/bin/bienmap up

down:
	@if [ -x .venv/bin/bienmap ]; then .venv/bin/bienmap down; fi

status:
	@if [ -x .venv/bin/bienmap ]; then .venv/bin/bienmap status; else echo "chưa cài / not installed"; fi

setup:
	@scripts/setup

test:
	@scripts/test

lint:
	@scripts/setup --dev
	@scripts/lint

bench:
	@scripts/bench

clean: down
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
