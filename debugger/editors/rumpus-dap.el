;;; rumpus-dap.el --- Rumpus in dap-mode  -*- lexical-binding: t; -*-

;; Debugs programs, recordings and cores of Rumpus, forwards and backwards, in Emacs:
;;
;;   (require 'rumpus-dap)
;;   M-x dap-debug RET Rumpus: this program RET
;;
;; dap-mode has no keys for going back; these do:
;;
;;   M-x rumpus-step-back          M-x rumpus-reverse-continue
;;   M-x rumpus-goto-icount        M-x rumpus-step-back-in, rumpus-step-back-out

;;; Code:

(require 'dap-mode)

;; dap-mode reads it before dap-ui, which has it, is loaded.
(defvar dap-exception-breakpoints nil)

(defcustom rumpus-dap-command '("npx" "--no-install" "rumpus" "dap")
  "The debug adapter, with its arguments."
  :type '(repeat string)
  :group 'dap-mode)

(defun rumpus-dap--populate (conf)
  "Fill in of CONF what `dap-mode' needs to start the adapter."
  (let ((conf (dap--put-if-absent conf :dap-server-path rumpus-dap-command)))
    (when (and (not (plist-get conf :program))
               (not (plist-get conf :recording))
               (not (plist-get conf :core))
               buffer-file-name)
      (setq conf (plist-put conf :program buffer-file-name)))
    (dap--put-if-absent conf :cwd default-directory)))

(dap-register-debug-provider "rumpus" #'rumpus-dap--populate)

(dap-register-debug-template
 "Rumpus: this program"
 (list :type "rumpus" :request "launch" :name "Rumpus" :stopOnEntry t))

(defun rumpus-dap--move (command &optional arguments)
  "Have the thread that stands go elsewhere by COMMAND with ARGUMENTS."
  (let* ((session (dap--cur-active-session-or-die))
         (thread (dap--debug-session-thread-id session)))
    (unless thread (user-error "No thread stands"))
    (dap--send-message
     (dap--make-request command (append (list :threadId thread) arguments))
     (dap--resp-handler)
     session)
    (dap--resume-application session)))

(defun rumpus-step-back ()
  "Step back over calls."
  (interactive)
  (rumpus-dap--move "stepBack"))

(defun rumpus-step-back-in ()
  "Step back into what the previous statement called."
  (interactive)
  (rumpus-dap--move "rumpus/stepBackIn"))

(defun rumpus-step-back-out ()
  "Step back to the call of this function."
  (interactive)
  (rumpus-dap--move "rumpus/stepBackOut"))

(defun rumpus-reverse-continue ()
  "Go back to the previous breakpoint."
  (interactive)
  (rumpus-dap--move "reverseContinue"))

(defun rumpus-goto-icount (icount)
  "Go to the statement number ICOUNT of the run."
  (interactive "nIcount: ")
  (rumpus-dap--move "rumpus/goto" (list :icount icount)))

(provide 'rumpus-dap)
;;; rumpus-dap.el ends here
