// The dashboard: six metrics of the last 30 days and what the AI agent is doing.
import { requestJson } from "./api.js";

const number = new Intl.NumberFormat("es", { maximumFractionDigits: 2 });
const FORMATS = {
  success_rate: (value) => `${number.format(value)} %`,
  avg_duration: (value) => `${number.format(value)} s`,
};

const metrics = document.getElementById("metrics");
const failure = document.getElementById("metrics-error");
const agent = document.getElementById("agent");

document.getElementById("retry").addEventListener("click", load);
load();

function load() {
  const report = requestJson("/api/reports/performance_metrics");
  showMetrics(report);
  showAgent(report);
}

async function showMetrics(report) {
  failure.hidden = true;
  try {
    const { summary, period } = await report;
    for (const cell of metrics.querySelectorAll("[data-metric]")) {
      const name = cell.dataset.metric;
      cell.textContent = (FORMATS[name] ?? number.format)(summary[name]);
    }
    document.getElementById("period").textContent = `Últimos ${period.days} días`;
    metrics.hidden = false;
  } catch {
    failure.hidden = false;
    metrics.hidden = true;
  }
  metrics.removeAttribute("aria-busy");
}

async function showAgent(report) {
  try {
    const [{ by_status: callsByStatus }, campaigns] = await Promise.all([report, requestJson("/api/campaigns/?page_size=100")]);
    drawAgent(campaigns, callsByStatus);
  } catch {
    document.getElementById("agent-campaign").textContent = "No se pudo consultar el estado";
    document.getElementById("agent-state").hidden = true;
    badge("agent-connection", "Error", "problem");
  }
  agent.removeAttribute("aria-busy");
}

function drawAgent(campaigns, callsByStatus) {
  const active = campaigns.filter((campaign) => campaign.status === "active");
  const names = active.map((campaign) => campaign.name).join(", ");
  document.getElementById("agent-campaign").textContent = names || "Ninguna campaña activa";
  badge("agent-connection", "Online", "");
  badge("agent-state", agentState(campaigns, callsByStatus), "neutral");
}

function agentState(campaigns, callsByStatus) {
  const some = (status) => campaigns.some((campaign) => campaign.status === status);
  if (callsByStatus.in_progress) return "En Llamada";
  if (some("active")) return "Marcando...";
  return some("paused") ? "Pausado" : "Inactivo";
}

function badge(id, text, kind) {
  const element = document.getElementById(id);
  Object.assign(element, { textContent: text, className: `badge ${kind}`, hidden: false });
}
