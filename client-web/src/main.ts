// The start of the page: style sheets, fonts, the one element.
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource-variable/inter/wght.css';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/shell.css';
import './ui/styles/pages.css';
import './ui/styles/report.css';
import './ui/styles/outline.css';
import './ui/styles/tools.css';
import './ui/styles/dialogs.css';
import './ui/styles/text.css';
import './ui/styles/redline.css';
import './ui/styles/projector.css';
import './ui/styles/print.css';
import './ui/outline';
import './ui/app';
