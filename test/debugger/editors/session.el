;;; A debugging session in dap-mode, in batch: prints where it stands after each move.
;;  emacs --batch -l session.el FOLDER-OF-RUMPUS-DAP PROGRAM LINE COMMAND...

(package-initialize)
(setq dap-auto-configure-features nil lsp-log-io nil dap-print-io nil)
(add-to-list 'load-path (pop command-line-args-left))
(require 'rumpus-dap)

(defvar session-program (pop command-line-args-left))
(defvar session-line (string-to-number (pop command-line-args-left)))
(setq rumpus-dap-command command-line-args-left)
(setq command-line-args-left nil)

(defvar session-frames nil "Frames that were shown, the last first.")
(add-hook 'dap-stack-frame-changed-hook
          (lambda (session)
            (let ((frame (dap--debug-session-active-frame session)))
              (when frame
                (push (format "%s:%s" (gethash "name" frame) (gethash "line" frame))
                      session-frames)))))

(defun session-do (name body)
  "Do BODY, wait until a frame is shown, and print it after NAME."
  (let ((before (length session-frames)) (tries 0))
    (funcall body)
    (while (and (= (length session-frames) before) (< tries 600))
      (accept-process-output nil 0.05)
      (setq tries (1+ tries)))
    (accept-process-output nil 0.1)
    (princ (format "%s %s\n" name
                   (if (= (length session-frames) before) "nothing" (car session-frames))))))

(defun session-thread () (dap--debug-session-thread-id (dap--cur-session)))

(find-file session-program)
(goto-char (point-min))
(forward-line (1- session-line))
(dap-breakpoint-add)
(session-do "entry" (lambda ()
  (dap-debug (list :type "rumpus" :request "launch" :name "batch" :stopOnEntry t
                   :program session-program))))
(session-do "continue" (lambda () (dap-continue (dap--cur-session) (session-thread))))
(session-do "in" (lambda () (dap-step-in (dap--cur-session))))
(session-do "back" #'rumpus-step-back)
(session-do "reverse" #'rumpus-reverse-continue)
(dap-disconnect (dap--cur-session))
(accept-process-output nil 0.5)
