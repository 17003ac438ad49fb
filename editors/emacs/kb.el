;;; kb.el --- Findings and completion from kb  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "27.1"))
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Shows findings as Flymake diagnostics while you write, and completes front
;; matter from kb's schemas.  It needs kb on the PATH.
;;
;;     (require 'kb)
;;     (add-hook 'markdown-mode-hook #'kb-mode)
;;
;; To complete, use `completion-at-point', C-M-i.

;;; Code:

(require 'flymake)
(require 'json)

(defvar-local kb--process nil)
(defvar kb--snippets nil "Map from key to snippet; read on first use.")

(defun kb--root ()
  "Return the folder that contains kb.yaml, or nil."
  (and buffer-file-name (locate-dominating-file buffer-file-name "kb.yaml")))

(defun kb--position (line column)
  "Return the buffer position at LINE and COLUMN, both from 1, in characters."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (1- line))
      (min (+ (point) (1- column)) (line-end-position)))))

(defun kb--diagnostic (source finding)
  "Return the Flymake diagnostic for FINDING in the buffer SOURCE."
  (with-current-buffer source
    (let* ((line (gethash "line" finding 1))
           (column (gethash "column" finding 1))
           (from (kb--position line column))
           (to (kb--position (gethash "end_line" finding line)
                             (gethash "end_column" finding column)))
           (hint (gethash "hint" finding)))
      (flymake-make-diagnostic
       source from (max to (min (1+ from) (point-max)))
       (pcase (gethash "severity" finding)
         ("error" :error) ("warning" :warning) (_ :note))
       (concat (gethash "message" finding) " [" (gethash "rule" finding) "]"
               (and hint (concat "\n" hint)))))))

(defun kb--read-findings (source)
  "Return the diagnostics for SOURCE; the current buffer has one finding per line."
  (let (all)
    (goto-char (point-min))
    (while (not (eobp))
      (unless (eolp)
        (push (kb--diagnostic
               source (json-parse-string (buffer-substring-no-properties
                                          (point) (line-end-position))))
              all))
      (forward-line 1))
    (nreverse all)))

(defun kb-flymake (report &rest _)
  "Flymake backend: call REPORT with kb's findings in the buffer."
  (when (process-live-p kb--process)
    (kill-process kb--process))
  (let ((source (current-buffer))
        (default-directory (or (kb--root) default-directory)))
    (setq kb--process
          (make-process
           :name "kb" :noquery t :connection-type 'pipe :coding 'utf-8-unix
           :buffer (generate-new-buffer " *kb*")
           :stderr (get-buffer-create " *kb-errors*")
           :command (list "kb" "-q" "validate" "-" "--stdin-filename"
                          buffer-file-name "--format" "jsonl")
           :sentinel
           (lambda (process _event)
             (when (memq (process-status process) '(exit signal))
               (unwind-protect
                   (when (and (buffer-live-p source)
                              (eq process (buffer-local-value 'kb--process source)))
                     (with-current-buffer (process-buffer process)
                       (funcall report (kb--read-findings source))))
                 (kill-buffer (process-buffer process)))))))
    (save-restriction
      (widen)
      (process-send-region kb--process (point-min) (point-max)))
    (process-send-eof kb--process)))

(defun kb--in-front-matter-p ()
  "Return non-nil if point is between the two lines of dashes."
  (save-excursion
    (let ((end (line-beginning-position)))
      (goto-char (point-min))
      (and (looking-at "---$")
           (> end (point))
           (progn (forward-line 1)
                  (not (re-search-forward "^---$" end t)))))))

(defun kb--snippets ()
  "Return all snippets, by key."
  (or kb--snippets
      (setq kb--snippets
            (json-parse-string
             (with-output-to-string
               (let ((coding-system-for-read 'utf-8))
                (call-process "kb" nil standard-output nil "schema" "--snippets")))))))

(defun kb--choices (key)
  "Return the values that KEY may have, or nil."
  (let* ((snippet (gethash key (kb--snippets)))
         (body (if snippet (gethash "body" snippet) "")))
    (and (string-match "\\${1|\\(.*\\)|}" body)
         (split-string (match-string 1 body) ","))))

(defun kb--keys ()
  "Return the keys of front matter."
  (let (keys)
    (maphash (lambda (name _) (unless (string-match-p " " name) (push name keys)))
             (kb--snippets))
    (sort keys #'string<)))

(defun kb-complete ()
  "Complete front matter, for `completion-at-point-functions'."
  (when (kb--in-front-matter-p)
    (let* ((end (point))
           (start (save-excursion (skip-chars-backward "a-z_") (point)))
           (key (save-excursion
                  (beginning-of-line)
                  (and (looking-at "\\([a-z_]+\\):")
                       (< (match-end 1) end)
                       (match-string-no-properties 1)))))
      (list start end (if key (kb--choices key) (kb--keys)) :exclusive 'no))))

;;;###autoload
(define-minor-mode kb-mode
  "Show findings and complete front matter in a folder below a kb.yaml."
  :lighter " kb"
  (when (kb--root)
    (if (not kb-mode)
        (remove-hook 'completion-at-point-functions #'kb-complete t)
      (add-hook 'flymake-diagnostic-functions #'kb-flymake nil t)
      (add-hook 'completion-at-point-functions #'kb-complete nil t)
      (flymake-mode 1))))

(provide 'kb)
;;; kb.el ends here
