-- kb in Neovim: shows findings as diagnostics while you write, and completes front matter
-- from kb's schemas. It needs kb on the PATH and Neovim 0.7 or later, but no plugin.
--
-- Put this file in ~/.config/nvim/lua/, and add to init.lua:
--
--     require('kb').setup()
--
-- To complete, type CTRL-X CTRL-O.

local M = {}
local namespace = vim.api.nvim_create_namespace('kb')
local severities = {
  error = vim.diagnostic.severity.ERROR,
  warning = vim.diagnostic.severity.WARN,
  info = vim.diagnostic.severity.INFO,
}
local jobs = {} -- by buffer; only the last job's findings count
local snippets -- map from key to text and meaning; read on first use

-- Returns the folder above the buffer's file that contains kb.yaml, or nil.
local function root_of(buffer)
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  local found = vim.fn.findfile('kb.yaml', folder .. ';')
  return found ~= '' and vim.fn.fnamemodify(found, ':p:h') or nil
end

-- Converts a column in characters to one in bytes, both from 0.
local function byte_column(buffer, line, column)
  local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1] or ''
  local byte = vim.fn.byteidx(text, column)
  return byte >= 0 and byte or #text
end

local function diagnostic(buffer, finding)
  local line = (finding.line or 1) - 1
  local last = (finding.end_line or finding.line or 1) - 1
  return {
    lnum = line,
    col = byte_column(buffer, line, (finding.column or 1) - 1),
    end_lnum = last,
    end_col = byte_column(buffer, last, (finding.end_column or finding.column or 1) - 1),
    severity = severities[finding.severity],
    message = finding.message .. (finding.hint and ('\n' .. finding.hint) or ''),
    source = 'kb',
    code = finding.rule,
  }
end

function M.check(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  local root = root_of(buffer)
  if not root then return end
  local file = vim.api.nvim_buf_get_name(buffer)
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
  local out = {}
  if jobs[buffer] then vim.fn.jobstop(jobs[buffer]) end
  local job = vim.fn.jobstart(
    { 'kb', '-q', '-C', root, 'validate', '-', '--stdin-filename', file, '--format', 'jsonl' },
    {
      stdout_buffered = true,
      on_stdout = function(_, lines) out = lines end,
      on_exit = function(id)
        if jobs[buffer] ~= id then return end
        jobs[buffer] = nil
        if not vim.api.nvim_buf_is_valid(buffer) then return end
        local all = {}
        for _, line in ipairs(out) do
          if line ~= '' then
            table.insert(all, diagnostic(buffer, vim.fn.json_decode(line)))
          end
        end
        vim.diagnostic.set(namespace, buffer, all)
      end,
    })
  if job <= 0 then return end
  jobs[buffer] = job
  vim.fn.chansend(job, text)
  vim.fn.chanclose(job, 'stdin')
end

-- Returns whether the line is between the two lines of dashes.
local function in_front_matter(line)
  if vim.fn.getline(1) ~= '---' then return false end
  for i = 2, line do
    if vim.fn.getline(i) == '---' then return false end
  end
  return line > 1
end

local function read_snippets()
  if not snippets then
    snippets = vim.fn.json_decode(vim.fn.system({ 'kb', 'schema', '--snippets' }))
  end
  return snippets
end

-- Returns the choices in a snippet's body, "${1|a,b|}", or nil.
local function choices_of(body)
  local list = body:match('%${1|(.-)|}')
  return list and vim.split(list, ',') or nil
end

-- The function for 'omnifunc'.
function M.complete(find_start, base)
  local before = vim.fn.getline('.'):sub(1, vim.fn.col('.') - 1)
  if find_start == 1 then
    if not in_front_matter(vim.fn.line('.')) then return -2 end
    return #before - #before:match('[%w_]*$')
  end
  local items, key = {}, before:match('^([%w_]+):')
  if key then
    local snippet = read_snippets()[key]
    for _, word in ipairs(snippet and choices_of(snippet.body) or {}) do
      if vim.startswith(word, base) then table.insert(items, word) end
    end
    return items
  end
  for name, snippet in pairs(read_snippets()) do
    if not name:find(' ') and vim.startswith(name, base) then
      table.insert(items, { word = name .. ': ', abbr = name, info = snippet.description })
    end
  end
  table.sort(items, function(a, b) return a.abbr < b.abbr end)
  return items
end

function M.setup()
  if vim.fn.executable('kb') == 0 then
    vim.notify('kb is not on the PATH: no findings', vim.log.levels.WARN)
    return
  end
  local group = vim.api.nvim_create_augroup('kb', {})
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufWritePost', 'InsertLeave', 'TextChanged' }, {
    group = group,
    pattern = '*.md',
    callback = function(event) M.check(event.buf) end,
  })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'markdown',
    callback = function(event)
      if root_of(event.buf) then
        vim.bo[event.buf].omnifunc = "v:lua.require'kb'.complete"
      end
    end,
  })
end

return M
